export interface ChartData<Key extends string = string> {
  kind: 'area' | 'bars' | 'line'
  /** In the order of drawing; colours are given in this order too. */
  series: readonly { key: Key; label: string }[]
  points: readonly { label: string; values: Record<Key, number> }[]
  /** What the points are: "Day". Heads the first column of the table. */
  pointsLabel: string
  /** How a value is written in the table and the tooltip. */
  format?: (value: number) => string
  /** How a value is written beside the axis, shorter. */
  formatAxis?: (value: number) => string
  /** Bars stand on one another; negative values go down from zero. */
  isStacked?: boolean
}
