/**
 * What of `undici` the runner's bundle holds: its whole index brings fetch, web sockets, caches and mocks, which a runner
 * never uses and which a process keeps in memory all the same. `request` is as in undici's `index.js`.
 */
'use strict'

const apiRequest = require('undici/lib/api/api-request')
const Agent = require('undici/lib/dispatcher/agent')
const ProxyAgent = require('undici/lib/dispatcher/proxy-agent')
const { getGlobalDispatcher } = require('undici/lib/global')

module.exports = {
  Agent,
  ProxyAgent,
  request(url, { dispatcher = getGlobalDispatcher(), ...options }) {
    const { origin, pathname, search } = new URL(url)
    return apiRequest.call(dispatcher, { ...options, origin, path: `${pathname}${search}` })
  },
}
