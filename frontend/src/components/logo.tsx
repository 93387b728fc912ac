export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 28 28" aria-hidden="true" focusable="false">
      <rect width="28" height="28" rx="8" fill="var(--accent)" />
      <path
        d="M14 7v4.2M14 11.2c0 3.4-5 2.2-5 6.3M14 11.2c0 3.4 5 2.2 5 6.3"
        fill="none"
        stroke="var(--on-accent)"
        strokeWidth="1.9"
        strokeLinecap="round"
      />
      <circle cx="14" cy="7" r="2.2" fill="var(--on-accent)" />
      <circle cx="9" cy="19.4" r="2.2" fill="var(--on-accent)" />
      <circle cx="19" cy="19.4" r="2.2" fill="var(--on-accent)" />
    </svg>
  );
}
