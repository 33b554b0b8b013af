/**
 * Node's own HTTP. Not by `import`, which reads everything that `node:http` exports: some of it loads Node's whole fetch,
 * 14 MB of memory and 50 ms in every program.
 */
export const { createServer, request } = process.getBuiltinModule('node:http')
