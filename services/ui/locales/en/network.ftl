# The network and its flows: as a map, as tables and as files.
network-csv = Download CSV
network-ods = Download ODS
network-how-to-ask = Days are written like { $day }, the first not after the last, for at most twenty years; an ATS is written like gioia-del-colle; the least number of referrals is a whole number. Who does not follow people asks for whole months: from the first day of a month to the last day of a month, or to today.

network-form = Period, ATS and comparison
network-from = From
network-to = To
network-sender = ATS of the sender
network-least = Flows with at least
network-compare = Compare with
network-show = Show
network-measures = Measure written on the flows
network-measure = Measure
network-whole = The whole network
network-ats = ATS { $ats }
network-of-ats = ATS { $ats }
network-least-itself = as needed: { $count }
network-least-all = all
network-least-one = 1 referral: all
network-compare-nothing = nothing
network-compare-before = the period before
network-compare-year = a year before
network-volume = Number
network-accepted = Accepted
network-outcome = Outcome
network-time = Time
network-compared = Compared with { $period }: the grey outline shows how much was sent then.

network-about-whole = Referrals between the services of the metropolitan network
network-about-ats = Referrals of the services of the ATS { $ats }
network-about-accepted = { $share } accepted
network-empty = No referral in this period. Try a longer one.
network-empty-back = Back to the last year
network-empty-but = No referral in this period. The last ones are of { $year }.
network-empty-year = See { $year }
network-empty-least = Fewer than { $referrals } in this period on every flow.
network-empty-all = Show all flows

network-map = Map of the flows
network-figure = Figure: the map of the flows
network-figure-name = Network of referrals, { $period }: first the services, then the flows, the strongest first
network-reports = Reports
network-access = Access
network-charge = Takes in charge
network-serves = Services
network-external = External services
network-reserved = details confidential
network-flow = from { $from } to { $to }, { $sent }
network-flow-accepted = { $share } accepted
network-flow-met = { $share } with the need met
network-flow-median = median answer { $days }
network-flow-before = in the period of comparison { $count }
network-key-thick = thickness: number of referrals
network-key-high = 80% or more accepted
network-key-low = less than 65%
network-key-hidden = hidden number
network-key-ghost = outline: period of comparison
network-key-volume = label: referrals
network-key-accepted = label: accepted of those sent
network-key-outcome = label: needs met of those sent
network-key-time = label: days to the answer (median)

network-no-choice = No flow chosen
network-no-choice-next = Choose a flow or a service in the figure or in the table.
network-whole-ats = The whole ATS
network-chosen-flow = Chosen flow
network-chosen-service = Chosen service
network-away = Clear the choice
network-before = before: { $count }
network-fact-sent = Referrals
network-fact-accepted = Accepted
network-fact-declined = Declined
network-fact-visit = First visit held
network-fact-met = Need met
network-fact-median = Median answer
network-fact-ninety = 9 of 10 within
network-fact-partly = Need met in part
network-fact-unmet = Need not met
network-fact-expired = No answer in time
network-fact-withdrawn = Withdrawn by the sender
network-fact-open = Waiting for an answer
network-fact-of-sent = Accepted of those sent
network-fact-of-received = Accepted of those received
network-reason = Why it was declined
network-reasons-of = Why { $count } were declined
network-reasons = Why they were declined
network-finding = { $count } of { $declined } declined: “{ $reason }”.

network-by-volume = Flows, the strongest first
network-by-accepted = Flows, the least accepted first
network-by-outcome = Flows, the least need met first
network-by-time = Flows, the slowest answer first
network-flows = { $count ->
    [one] 1 flow
   *[other] { $count } flows
}
network-flows-least = { $flows } with at least { $referrals }
network-weaker = { $count ->
    [one] 1 more is weaker
   *[other] { $count } more are weaker
}
network-column-from = From
network-column-to = To
network-column-sent = Referrals
network-column-before = Before
network-column-accepted = Accepted
network-column-visit = First visit
network-column-met = Need met
network-column-median = Median answer
network-column-ninety = 9 of 10 within
network-column-note = Note
network-row-to = to { $service }
network-low = under 65%
network-partly-hidden = partly hidden
network-hidden = fewer than 5
network-hidden-note = “{ $hidden }”: the number is hidden because it is small, or because it would give away a small one.

network-services = Services
network-services-none = No service with referrals in this period.
network-services-caption = Services that send or receive on the flows shown, by name
network-services-service = Service
network-services-body = Organisation
network-services-sent = Sent
network-services-received = Received
network-months = Months
network-months-caption = Referrals by the month in which they were sent, without external services
network-months-month = Month
network-months-declined = Declined
network-months-expired = Expired
network-months-withdrawn = Withdrawn

network-referral = 1 referral
network-referrals = { $count } referrals
network-sent-one = 1 sent
network-sent = { $count } sent
network-received-one = 1 received
network-received = { $count } received
network-at-least = at least { $count }
network-under-an-hour = less than an hour
network-hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
network-days = { $count } days
network-days-brief = { $count } d

network-sheet-flows = Flows
network-sheet-meaning = Meaning
network-sheet-item = Item
network-sheet-content = Content
network-sheet-compared = Period of comparison
network-sheet-read = Read up to
network-sheet-hidden = the number is hidden because it is small, or because it would give away a small one
network-sheet-before = Referrals in the period of comparison
network-sheet-declined-by = Declined: { $reason }
network-sheet-sent = Referrals
network-sheet-sent-means = sent in the period
network-sheet-seen = Opened
network-sheet-seen-means = of these, opened by the receiver
network-sheet-accepted = Accepted
network-sheet-accepted-means = of these, accepted
network-sheet-share = Accepted %
network-sheet-share-means = accepted of those sent
network-sheet-declined = Declined
network-sheet-declined-means = of these, declined
network-sheet-expired = Expired
network-sheet-expired-means = of these, without an answer in time
network-sheet-withdrawn = Withdrawn
network-sheet-withdrawn-means = of these, withdrawn by the sender
network-sheet-open = Waiting
network-sheet-open-means = of these, still without an answer
network-sheet-visit = First visit
network-sheet-visit-means = of those accepted, the person came to the first visit
network-sheet-met = Need met
network-sheet-met-means = of those accepted, need met
network-sheet-partly = Met in part
network-sheet-partly-means = of those accepted, need met in part
network-sheet-unmet = Not met
network-sheet-unmet-means = of those accepted, need not met
network-sheet-median = Median answer (days)
network-sheet-median-means = days from sending to the answer, median
network-sheet-ninety = 9 of 10 within (days)
network-sheet-ninety-means = days within which nine of ten answers come
network-sheet-hides = Partly hidden
network-sheet-hides-means = yes, where something of this flow is hidden
network-sheet-yes = yes
