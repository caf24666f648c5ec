# Who knew what of a person.
knew-title = Who knew what
knew-about = What was on record on { $day }, and which bodies had opened it by then.
knew-day = As of
knew-go = Go
knew-means = What this table says
knew-means-opened = “Opened” means that somebody of the body opened the record after the entry was made, and that this part was shown. Whether each line was read, nobody can tell.
knew-means-part = “Not this part” means that the record was opened, and this part was not shown.
knew-means-could = “Could” means that the body had to do with the person: from that day it could open the record. Which parts, the rules and consents of that moment decided. Agreements between bodies are not counted.
knew-means-yours = You see the entries that are open to you as well. Workers do not appear, nor health and confidential services, and it is not said who could have opened and did not.
knew-means-class = What entries say is not shown to who controls: of each there is its class.
knew-table = Entries and bodies
knew-column-fact = Entry
knew-column-recorded = Recorded
knew-wrote = recorded it
knew-opened = opened on { $when }
knew-not-part = not this part
knew-could = could, from { $when }
knew-nothing = nothing
knew-none = There is no entry on the chosen day.
knew-no-bodies = No body has opened the record yet.
knew-bodies-left = { $left ->
    [one] One more body, with fewer openings, is not in the table.
   *[other] { $left } more bodies, with fewer openings, are not in the table.
}
knew-looks-left = There are older openings than those read here: a “nothing” may have been an opening then.
knew-older = Older entries
knew-newer = Newer entries
