/** How pages ask the API and change things through it. */
import {
  type QueryFunction,
  type QueryKey,
  type SkipToken,
  type UseQueryOptions,
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { problemText } from '@/i18n/problem-text'
import { notify } from './notify'
import { toProblem } from './problem'
import { useTenant } from './tenancy'

interface Generated<Data, Key extends QueryKey> {
  queryKey: Key
  queryFn?: QueryFunction<Data, Key> | SkipToken
}

interface TenantPath {
  tenant_id: string
}

/** Puts the tenant in front of a query's key, so that no tenant is ever shown another one's data. */
export function inTenant<Data, Key extends QueryKey>(tenantId: string, options: Generated<Data, Key>) {
  const ask = options.queryFn as QueryFunction<Data, Key>
  return {
    queryKey: [tenantId, ...options.queryKey] as QueryKey,
    // The generated function reads its parameters from its own key.
    queryFn: (context) => ask({ ...context, queryKey: options.queryKey }),
  } satisfies UseQueryOptions<Data>
}

/**
 * Asks for something of the tenant: `useTenantQuery((path) => plansListOptions({ path, query }))`. While the next page of a
 * list loads, the previous one stays.
 */
export function useTenantQuery<Data, Key extends QueryKey>(
  options: (path: TenantPath) => Generated<Data, Key>,
  {
    enabled = true,
    refetchInterval,
  }: { enabled?: boolean; refetchInterval?: UseQueryOptions<Data>['refetchInterval'] } = {},
) {
  const { id } = useTenant()
  return useQuery<Data>({
    ...inTenant(id, options({ tenant_id: id })),
    enabled,
    placeholderData: keepPreviousData,
    ...(refetchInterval !== undefined && { refetchInterval }),
  })
}

interface CursorPage<Row> {
  items: Row[]
  next_cursor: string | null
}

/**
 * Asks for a list that goes on by cursors: `useTenantCursor((path, cursor) => auditEventsListOptions({ path, query: { cursor } }))`.
 * `rows` are all that were asked for so far; `<ShowMore query={query} />` asks for the next.
 */
export function useTenantCursor<Row, Key extends QueryKey>(
  options: (path: TenantPath, cursor: string | null) => Generated<CursorPage<Row>, Key>,
) {
  const { id } = useTenant()
  const path = { tenant_id: id }
  const query = useInfiniteQuery({
    queryKey: [id, 'all', ...options(path, null).queryKey] as QueryKey,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal, client }) => {
      const generated = options(path, pageParam)
      const ask = generated.queryFn as QueryFunction<CursorPage<Row>, Key>
      return ask({ queryKey: generated.queryKey, signal, client, meta: undefined })
    },
    getNextPageParam: (page) => page.next_cursor,
  })
  return { query, rows: query.data?.pages.flatMap(({ items }) => items) }
}

interface ActionOptions<Data> {
  /** Said in a toast when it is done. */
  done?: string | ((data: Data) => string)
  /** A form shows its own errors; everything else says them in a toast. */
  errors?: 'toast' | 'form'
  onDone?: (data: Data) => void
}

/** Changes something. Afterwards everything under `key` is asked for again. */
export function useAction<Data, Input = void>(
  call: (input: Input) => Promise<{ data: Data }>,
  { done, errors = 'toast', onDone, key = [] }: ActionOptions<Data> & { key?: QueryKey } = {},
) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (input: Input) => (await call(input)).data,
    onSuccess: (data) => {
      void client.invalidateQueries({ queryKey: key })
      if (done !== undefined) notify.success(typeof done === 'function' ? done(data) : done)
      onDone?.(data)
    },
    onError: (error) => {
      const problem = toProblem(error)
      if (errors === 'toast' && problem.code !== 'not_signed_in') notify.error(problemText(problem))
    },
  })
}

/** Changes something of the tenant: `useTenantAction((path, id: string) => plansArchive({ path: { ...path, plan_id: id } }))`. */
export function useTenantAction<Data, Input = void>(
  call: (path: TenantPath, input: Input) => Promise<{ data: Data }>,
  options: ActionOptions<Data> = {},
) {
  const { id } = useTenant()
  return useAction<Data, Input>((input) => call({ tenant_id: id }, input), { ...options, key: [id] })
}
