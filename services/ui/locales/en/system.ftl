# How the installation is, for whoever runs it.
system-title = System
system-about = Release { $release }, looked at { $at }
system-again = Look again
system-well = All is well
system-well-about = { $models } models up to date, { $facts } facts in the logs, all delivered. Nothing is parked.
system-troubles = What is wrong
system-broker-down = NATS does not answer. Nothing is lost: facts stay in PostgreSQL and leave once it is back. See whether nats-server is running.
system-log-late = { $log }: facts have been waiting { $lag } to be delivered. Look at NATS and at the process “relay”.
system-not-built = { $model }: not built yet. See whether the process “follow” is running.
system-model-late = { $model }: { $lag } behind. Pages that read it show what was known then.
system-stopped = { $model }: stopped ({ $why }). It needs a newer Trama, or a rebuild.
system-parked-sum = { $events ->
    [one] One parked event: it is in the list below.
   *[other] { $events } parked events: they are in the list below.
}
system-parked = Parked events
system-parked-why = An event that could not be taken holds up those of the same record that follow, and no other. Whose they are is not shown here.
system-column-model = Model
system-column-first = First
system-column-last = Last
system-column-events = Events
system-column-reason = Reason
system-column-since = Since
system-column-retry = Try again
system-tries = { $tries ->
    [one] tried once
   *[other] tried { $tries } times
}
system-retry = Try again
system-retry-which = the events from { $first }
system-healed = The events went through: the model is whole again for that record.
system-still = The event did not go through now either: it stays parked. The reason in the list is that of this last try.
system-gone = There is nothing to try any more: somebody else was faster.
system-failed = It cannot be tried now: nothing was changed.
system-rebuilds = Rebuilds
system-rebuild-running = { $model }: { $done } of { $total } facts ({ $share } %), under way
system-rebuild-halted = { $model }: halted at { $done } of { $total } facts ({ $share } %). The same command goes on from there.
system-models = Models
system-column-position = Facts read
system-column-lag = Lag
system-column-state = State
system-state-well = up to date
system-state-late = late
system-state-stopped = stopped
system-state-missing = to be built
system-state-parked = { $events ->
    [one] 1 parked
   *[other] { $events } parked
}
system-lag-none = none
system-seconds = { $seconds } s
system-minutes = { $minutes } min
system-hours = { $hours } hours
system-rebuild = Rebuilding a model
system-rebuild-how = On the machine, with the name of the model instead of NAME:
system-name = NAME
system-rebuild-why = The new model is made beside the one in use and takes its place at the end: until then readers see the old one. It is not begun from this page because it can take hours, and must not end when the process of the pages is restarted. While it runs, this page says how far it is.
system-rebuild-which = These can be rebuilt: { $models }.
system-logs = Logs and streams
system-logs-why = The log in PostgreSQL is the truth; the stream in NATS is a copy in order.
system-column-log = Log
system-column-facts = Facts
system-column-delivered = Delivered
system-column-stream = In the stream
system-column-size = Size
system-unknown = not known
system-stores = Stores and releases
system-postgres = PostgreSQL
system-postgres-is = answers, version { $version }, { $size }
system-nats = NATS
system-nats-is = answers, version { $version }
system-nats-down = does not answer
system-access = Access log
system-access-is = { $rows } rows
system-backup = Last backup
system-backup-is = Trama does not know: whoever runs PostgreSQL makes it, and tests restoring it.
system-room = Room left on the disk
system-room-is = Trama does not know: look on the machine of PostgreSQL.
system-closed-title = We cannot read how things are
system-closed = PostgreSQL does not answer in time. Nothing was lost. On the machine, this command says more:
