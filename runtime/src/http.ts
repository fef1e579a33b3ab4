// node:http, without Node's own fetch — shell
import type { request as ask, createServer as create } from 'node:http'

/** An `import` of it reads all of its exports; among them are some that load Node's own fetch, 10 MiB that nobody here uses. */
const http = process.getBuiltinModule('node:http')

export const createServer: typeof create = http.createServer
export const request: typeof ask = http.request
