import { useNetwork } from '@mantine/hooks';
import { IconWifiOff } from '@tabler/icons-react';
import { createContext, use, useEffect, type ReactNode } from 'react';
import { Link } from 'react-router';
import { Logo } from '../components/logo.tsx';
import { shared } from '../strings/strings.ts';
import css from './page.module.css';

/** What stands at the right of every page's header: main.tsx puts the who-am-I menu here. */
export const HeaderEnd = createContext<ReactNode>(null);

interface Props {
  /** Of the browser tab. */
  readonly title: string;
  /** Between brand and menu: search, breadcrumbs. */
  readonly header?: ReactNode;
  /** For pages that are read rather than scanned. */
  readonly isNarrow?: boolean;
  readonly children: ReactNode;
}

/** A page outside the 3D room: header, one main region, a way past the header by keyboard. */
export function Page({ title, header, isNarrow, children }: Props) {
  const t = shared.useText();
  const { online } = useNetwork();
  const end = use(HeaderEnd);
  useDocumentTitle(title);
  return (
    <>
      <a className={css['skip']} href="#content">
        {t('skipToContent')}
      </a>
      <header className={css['header']}>
        <div className={css['bar']}>
          <Link to="/" className={css['brand']} aria-label={`${t('product')} · ${t('hall')}`}>
            <Logo />
            <span>{t('product')}</span>
          </Link>
          <div className={css['grow']}>{header}</div>
          {end}
        </div>
        {!online && (
          <div className={css['offline']} role="status">
            <IconWifiOff size={18} aria-hidden />
            {t('offline')}
          </div>
        )}
      </header>
      <main id="content" tabIndex={-1} className={`${css['main']} ${isNarrow ? css['narrow'] : ''}`}>
        {children}
      </main>
    </>
  );
}

export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · Workhall` : 'Workhall';
  }, [title]);
}
