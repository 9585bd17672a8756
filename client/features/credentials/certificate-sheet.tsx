import { create } from 'qrcode';
import type { ReadCertificate } from '#protocol/credentials/index';
import { useQuantities } from '../../ui/index.ts';
import css from './certificate-sheet.module.css';
import { LevelMark } from './level-mark.tsx';
import { credentialStrings } from './strings.ts';

interface Props {
  readonly certificate: ReadCertificate;
  /** Where it can be checked: becomes the QR code. */
  readonly link: string | null;
  /** Across the sheet when it is not good any more. */
  readonly stamp: string | null;
}

/** The certificate as one frames it: on screen in the colours of the theme, on paper black on white, A4 across. */
export function CertificateSheet({ certificate, link, stamp }: Props) {
  const t = credentialStrings.useText();
  const { day } = useQuantities();
  const { title, recipient, account, description, criteria, issuer, score, skills, validFrom, validUntil } =
    certificate;
  return (
    <article className={css['sheet']} aria-label={`${t('certificate')}: ${title}`}>
      <div className={css['frame']}>
        <header className={css['head']}>
          <Seal />
          <span className={css['kicker']}>{t('certificate')}</span>
          <span className={css['issuer']}>{issuer.name ?? issuer.id}</span>
        </header>
        <div className={css['body']}>
          <p className={css['quiet']}>{t('for')}</p>
          <p className={css['name']}>{recipient ?? t('noName')}</p>
          {account && <p className={css['account']}>{t('account', { name: account.name, home: account.homePage })}</p>}
          <p className={css['quiet']}>{t('has')}</p>
          <h1 className={css['title']}>{title}</h1>
          {description && <p className={css['text']}>{description}</p>}
          {skills.length > 0 && (
            <ul className={css['skills']}>
              {skills.map((skill) => (
                <li key={skill.code}>
                  <LevelMark level={skill.level} size={28} hasTooltip={false} />
                  <span>
                    <b>{skill.name}</b>
                    <span className={css['quiet']}>
                      {skill.code} · {t(`level_${skill.level}`)}
                    </span>
                  </span>
                </li>
              ))}
            </ul>
          )}
          {criteria && (
            <p className={css['criteria']}>
              <span className={css['quiet']}>{t('criteria')}: </span>
              {criteria}
            </p>
          )}
        </div>
        <footer className={css['foot']}>
          <dl className={css['facts']}>
            {score && (
              <Fact
                name={scoreName(score, t)}
                value={score.required ? t('scoreRequired', { required: score.required }) : ''}
                isLead
              />
            )}
            {validFrom !== null && <Fact name={t('issuedOn')} value={day(validFrom)} />}
            <Fact name={t('validUntil')} value={validUntil === null ? t('noEnd') : day(validUntil)} />
            <Fact name={t('issuer')} value={issuer.name ?? issuer.id} isRepeated />
          </dl>
          {link && <LinkCode link={link} label={t('scan')} />}
        </footer>
        {stamp && <div className={css['stamp']}>{stamp}</div>}
      </div>
    </article>
  );
}

type Text = ReturnType<typeof credentialStrings.useText>;
const scoreName = ({ value, max }: NonNullable<ReadCertificate['score']>, t: Text): string =>
  max ? t('score', { value, max }) : t('scoreAlone', { value });

interface FactProps {
  readonly name: string;
  readonly value: string;
  readonly isLead?: boolean;
  /** The head says it where there is room. */
  readonly isRepeated?: boolean;
}

function Fact({ name, value, isLead, isRepeated }: FactProps) {
  return (
    <div className={isLead ? css['lead'] : isRepeated ? css['narrowOnly'] : undefined}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** The gear and tick of the badge, in line. */
function Seal() {
  const teeth = Array.from({ length: 24 }, (_, index) => index * 15);
  return (
    <svg className={css['seal']} viewBox="0 0 64 64" aria-hidden>
      {teeth.map((angle) => (
        <rect
          key={angle}
          x="30.4"
          y="0.5"
          width="3.2"
          height="6"
          rx="0.8"
          transform={`rotate(${angle} 32 32)`}
          fill="currentColor"
        />
      ))}
      <circle cx="32" cy="32" r="27.5" fill="none" stroke="currentColor" strokeWidth="2.2" />
      <circle cx="32" cy="32" r="23" fill="none" className={css['ring']} strokeWidth="1.4" />
      <path
        d="M21 33l8 8 15-17"
        fill="none"
        className={css['ring']}
        strokeWidth="5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

function LinkCode({ link, label }: { readonly link: string; readonly label: string }) {
  const { modules } = create(link, { errorCorrectionLevel: 'M' });
  const dark: string[] = [];
  for (let row = 0; row < modules.size; row++)
    for (let column = 0; column < modules.size; column++)
      if (modules.get(row, column)) dark.push(`M${column} ${row}h1v1h-1z`);
  return (
    <figure className={css['code']}>
      <svg
        viewBox={`-2 -2 ${modules.size + 4} ${modules.size + 4}`}
        role="img"
        aria-label={`${label}: ${link}`}
        shapeRendering="crispEdges"
      >
        <rect x="-2" y="-2" width={modules.size + 4} height={modules.size + 4} fill="#fff" />
        <path d={dark.join('')} fill="#161a20" />
      </svg>
      <figcaption>{label}</figcaption>
    </figure>
  );
}
