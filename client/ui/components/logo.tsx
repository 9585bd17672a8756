/** The mark: a W as a hall's roof trusses, and the signal light above the middle. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden focusable="false">
      <path
        d="M3.5 9.5 9.6 24.5h2.2L16 14.6l4.2 9.9h2.2l6.1-15"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.8"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      <circle cx="16" cy="7.2" r="2.7" fill="var(--wh-accent)" />
    </svg>
  );
}
