/** Drawn on a grid of 20, with lines of 1.6. */
const paths = {
  grid: 'M3.5 3.5h5.5v7H3.5zM11 3.5h5.5v4H11zM11 9.5h5.5v7H11zM3.5 12.5h5.5v4H3.5z',
  list: 'M3.5 5.5h13M3.5 10h13M3.5 14.5h8',
  tag: 'M3.5 3.5h6.2l6.8 6.8-6.2 6.2-6.8-6.8zM7 7v.01',
  pulse: 'M2.5 10.5h3.4l2.2-6 3.6 11 2.2-5h3.6',
  flow: 'M2.5 4h5v4h-5zM12.5 4h5v4h-5zM12.5 12.5h5v4h-5zM7.5 6h5M10 6v8.5h2.5',
  return: 'M7.5 4 3.5 8l4 4M3.5 8h8a5 5 0 0 1 0 10H9',
  plus: 'M10 4v12M4 10h12',
  refresh: 'M16 10a6 6 0 1 1-1.8-4.3L16.5 8M16.5 3.5V8H12',
  close: 'M5 5l10 10M15 5 5 15',
  left: 'M12 4.5 6.5 10l5.5 5.5',
  right: 'm8 4.5 5.5 5.5L8 15.5',
  search: 'M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12ZM13.5 13.5l3.5 3.5',
  table: 'M3.5 4.5h13v11h-13zM3.5 8.5h13M8.5 8.5v7',
  chart: 'M3.5 16.5h13M5.5 13V9.5M10 13V5M14.5 13V8',
  sun: 'M10 13.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4ZM10 2.5v1.6M10 15.9v1.6M2.5 10h1.6M15.9 10h1.6M4.7 4.7l1.1 1.1M14.2 14.2l1.1 1.1M4.7 15.3l1.1-1.1M14.2 5.8l1.1-1.1',
  moon: 'M16 11.8A6.5 6.5 0 1 1 8.2 4a5.2 5.2 0 0 0 7.8 7.8Z',
  check: 'm4.5 10.5 3.5 3.5 7.5-8',
  bookmark: 'M5.5 3.5h9v13L10 13.2 5.5 16.5z',
  warning: 'M10 3.5 17.5 16h-15zM10 8.5v3.2M10 13.8v.01',
} as const

export type IconName = keyof typeof paths

export const Icon = ({ name }: { name: IconName }) => (
  <svg className="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
    <path d={paths[name]} />
  </svg>
)
