import type { Activity } from './activity.ts'
import { isServiceUrlAllowed } from './service-url.ts'

/** Why an activity is turned away: no proof (401), proof for something else (403), the keys cannot be had (503). */
export type GateRefusal = 401 | 403 | 503

/** Let in, or not, with the reason in fixed words: they may stand in a log, and are told to nobody else. */
export type GateAnswer =
  | { readonly ok: true }
  | { readonly ok: false; readonly status: GateRefusal; readonly why: string }

/** Decides whether an activity whose shape is right really comes from where it says. */
export interface Gate {
  readonly signIn: 'off' | 'required'
  authenticate(activity: Activity, authorization: string | undefined): Promise<GateAnswer>
}

/**
 * The gate of local mode: nobody signs in, so only answers to this machine are possible. The hub opens it only while it
 * listens on 127.0.0.1.
 */
export function gateWithoutSignIn(): Gate {
  return {
    signIn: 'off',
    authenticate: async (activity) =>
      activity.channelId === 'msteams' && isServiceUrlAllowed(activity.serviceUrl, 'off')
        ? { ok: true }
        : { ok: false, status: 403, why: 'not this machine' },
  }
}
