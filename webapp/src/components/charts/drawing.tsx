import {
  Area,
  AreaChart,
  Bar,
  BarChart,
  CartesianGrid,
  Line,
  LineChart,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import type { ChartData } from './types'

const COLOURS = [1, 2, 3, 4, 5].map((number) => `var(--chart-${number})`)
const TICK = { fill: 'var(--muted-foreground)', fontSize: 12 }

/** The heavy part of a chart, loaded when one is shown. */
export default function Drawing({ kind, series, points, format, formatAxis, isStacked = false }: ChartData) {
  const rows = points.map(({ label, values }) => ({ label, ...values }))
  const Frame = { area: AreaChart, bars: BarChart, line: LineChart }[kind]
  const isAnimationActive = false
  // An axis without any height would show the same rounded figure at every line.
  const isFlat = points.every(({ values }) => Object.values(values).every((value) => value === 0))
  return (
    <ResponsiveContainer width="100%" height="100%">
      <Frame
        data={rows}
        margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
        stackOffset="sign"
        accessibilityLayer={false}
      >
        <CartesianGrid vertical={false} stroke="var(--border)" />
        <XAxis dataKey="label" tickLine={false} axisLine={false} tick={TICK} minTickGap={32} />
        <YAxis
          tickLine={false}
          axisLine={false}
          tick={TICK}
          width="auto"
          allowDecimals={false}
          {...(isFlat && { ticks: [0], domain: [0, 1] })}
          tickFormatter={formatAxis ?? format}
        />
        <Tooltip
          isAnimationActive={isAnimationActive}
          formatter={(value) => (format ?? String)(Number(value))}
          cursor={{ fill: 'var(--hover)', stroke: 'var(--border)' }}
          contentStyle={{
            background: 'var(--card)',
            border: '1px solid var(--border)',
            borderRadius: 8,
            fontSize: 13,
          }}
          labelStyle={{ color: 'var(--muted-foreground)' }}
        />
        {kind === 'bars' && <ReferenceLine y={0} stroke="var(--input)" />}
        {series.map(({ key, label }, index) => {
          const colour = COLOURS[index % COLOURS.length]
          const shared = { dataKey: key, name: label, isAnimationActive }
          const stack = isStacked ? { stackId: 'all' } : {}
          if (kind === 'bars') return <Bar key={key} {...shared} {...stack} fill={colour} maxBarSize={28} />
          if (kind === 'line')
            return <Line key={key} {...shared} stroke={colour} strokeWidth={2} dot={false} />
          return (
            <Area
              key={key}
              {...shared}
              {...stack}
              stroke={colour}
              strokeWidth={2}
              fill={colour}
              fillOpacity={0.12}
            />
          )
        })}
      </Frame>
    </ResponsiveContainer>
  )
}
