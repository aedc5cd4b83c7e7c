/** A path as people write it, and the methods that it has. */
export interface Route {
  methods: readonly string[];
  path: string;
}

/** The routes below `base` and beside it, from the methods of each of Hono's patterns: `/models/:id{.+}`. */
export function routesBelow(base: string, methods: ReadonlyMap<string, readonly string[]>): Route[] {
  const below = [...methods].map(([path, own]) => ({
    methods: own,
    path: `${base}${path.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`,
  }));
  return [...below, { methods: ['GET'], path: '/health' }];
}
