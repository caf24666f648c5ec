# What a page says when it has nothing to show.
answer-to-start = Go to the start
answer-not-found-title = Not found or not accessible
answer-not-found = This page does not exist, or your role cannot open it. Check the code or the address; if you need access, ask whoever follows the person.
answer-not-understood-title = Request not understood
answer-too-often-title = Too many requests in a short time
answer-too-often = Too many requests came from you or from your organisation. Wait a few seconds, go back and try again: nothing was recorded twice.
answer-unread-title = We cannot read the data
answer-unread = No data was lost. Try again in a moment; if it goes on, tell whoever runs the system.
answer-unsure-title = We cannot show it now
answer-unsure = Right now we cannot check who may see this record, or write down who looks at it: so we show nothing. Try again in a moment.
answer-purpose-title = For which purpose?
answer-purpose-why = No case, referral or stay ties you to this person now. If you open the record, the purpose is written down beside your access.
answer-purpose = Purpose
answer-purpose-open = Open the record
