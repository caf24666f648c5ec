# The frame of every page: bar, places, languages, keys.
language-own-name = English

place-inbox = Inbox
place-people = People
place-beds = Beds
place-food = Food desk
place-network = Network and flows
place-accesses = Access log
place-sealed = Confidential
place-system = System
place-people-brief = People
place-beds-brief = Beds
place-food-brief = Food
place-network-brief = Network

frame-skip = Skip to content
frame-demo = Demonstration
frame-demo-invented = invented data
frame-ats = ATS { $ats }
frame-places = Places
frame-crumbs = Breadcrumb
frame-start = Start
frame-own-access = My access
frame-leave = Sign out
frame-change-body = Change organisation
frame-language = Language
frame-keys = Keyboard shortcuts
frame-search = Find a person
frame-search-hint = Code or card
frame-accessibility = Accessibility statement
frame-outside = What the municipality sees of this
