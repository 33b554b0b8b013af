import type { Random } from '../../core/ports.ts'
import type { ConfirmRule } from '../../core/watch.ts'
import type { WatchStore } from '../../store/watches.ts'
import { type AlertDesks, alertDesks } from './desk.ts'
import { AlertKeeper, type AlertKeeperDeps } from './keeper.ts'
import { OfficeWatcher } from './office-watcher.ts'

/** Everything about alerts that the hub holds. */
export interface OpenAlerts {
  /** Alerts and freezes as commands see them. */
  readonly desks: AlertDesks
  /** Something may be different now: a verdict, an order, a freeze. Also begins to look. */
  changed(): void
  stop(): Promise<void>
}

/** Alerts over one store. */
export function openAlerts(
  deps: Omit<AlertKeeperDeps, 'holder' | 'watcher'> & {
    readonly watches: WatchStore
    readonly confirm: ConfirmRule
    readonly random: Random
  },
): OpenAlerts {
  const { watches, confirm, random } = deps
  const watcher = new OfficeWatcher(watches, confirm)
  const keeper = new AlertKeeper({ ...deps, watcher, holder: random.hex(8) })
  const changed = () => keeper.changed()
  return { desks: alertDesks({ ...deps, onChanged: changed }), changed, stop: () => keeper.stop() }
}
