import { describe, expect, it } from 'vitest'
import { pageHeaders } from '../../../src/hub/self-check/page-headers.ts'

describe('the headers of the self-check page', () => {
  it('name every place that the page may connect to, once, and ask for TLS where the hub has it', () => {
    const config = {
      hours: 24,
      v4: 'https://v4.doorstep.example',
      v6: 'https://v6.doorstep.example',
      doors: [
        { name: 'exchange' as const, url: 'https://outlook.office365.com/apc/trans.gif' },
        { name: 'teams' as const, url: 'https://outlook.office365.com/other.gif' },
      ],
      beacon: { zone: 'b.example', at: null },
    }
    expect(pageHeaders('https://doorstep.example', config)).toEqual({
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' " +
        'https://outlook.office365.com https://v4.doorstep.example https://v6.doorstep.example https://*.b.example; ' +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-frame-options': 'DENY',
      'strict-transport-security': 'max-age=31536000',
    })
    const bare = pageHeaders('http://127.0.0.1:3978', {
      ...config,
      v4: null,
      v6: null,
      doors: [],
      beacon: null,
    })
    expect(bare['content-security-policy']).toContain("connect-src 'self';")
    expect(bare).not.toHaveProperty('strict-transport-security')
  })
})
