-- One row of everything for one side of the fence: `{side}` is its word, `{staff}` her worker,
-- `{service}` her service, `{person}` whom it has in charge, `{linked}` a second record of hers.

insert into inbox.services values ('{service}', 'info_desk', '{side}', '{side}', true);
insert into inbox.codes values ('{person}', '{side}', '{service}');
insert into inbox.links values (gen_random_uuid(), '{person}', '{linked}', true);
insert into inbox.identifiers values ('{person}', 'stp', '2025-02-01', '2025-01-01');
insert into inbox.contacts values (gen_random_uuid(), 'contact', '{service}', '{person}', '2025-01-01');
insert into inbox.emergencies (emergency, service, person, ats, reported_at, lone_child)
    values (gen_random_uuid(), '{service}', '{person}', '{side}', '2025-01-01', false);
insert into inbox.cases (case_id, person, service, manager, opened_at)
    values ('{case}', '{person}', '{service}', '{staff}', '2025-01-01');
insert into inbox.goals values (gen_random_uuid(), '{case}', '2025-02-01', '2025-01-01');
insert into inbox.stays (stay, people, facility, started_on, sealed)
    values (gen_random_uuid(), array['{linked}']::uuid[], '{elsewhere}', '2025-01-01', false),
        (gen_random_uuid(), array['{person}']::uuid[], '{service}', '2025-01-01', true);
insert into inbox.waits values (gen_random_uuid(), '{person}', '{service}', '2025-01-01', 'listed');
insert into inbox.referrals (referral, person, sender, receiver, need, urgency, created_position,
        confidential, receiver_sealed, stage, changed_position, changed_at)
    values (gen_random_uuid(), '{person}', '{service}', '{elsewhere}', 'health', 'ordinary', 1,
        false, false, 'sent', 1, '2025-01-01');
insert into inbox.forced (access, person, staff, ats, reason, at)
    values (gen_random_uuid(), '{linked}', '{elsewhere}', '{side}', 'danger_to_life', '2025-01-01');
insert into inbox.changes values ('inbox/{service}', 'intake', 1, 1),
    ('inbox/staff/{staff}', 'intake', 1, 1);

insert into beds.services values ('{service}', '{side}', '{elsewhere}', 'bari', null);
insert into beds.facilities values ('{service}', 'secret_shelter', true, '2025-01-01', null);
insert into beds.seasons values ('{service}', '2025-01-01', '2025-02-01');
insert into beds.places values ('{place}', '{service}', gen_random_uuid(), '2025-01-01', null, false);
insert into beds.blocks values ('{place}', '2025-01-01', null);
insert into beds.nights values (gen_random_uuid(), '2025-01-01', '{service}', '{person}', '{place}', 'reserved');
insert into beds.lodgings values (gen_random_uuid(), 1, '2025-01-01', null, '{service}', '{place}', '{person}');
insert into beds.waits values (gen_random_uuid(), '{service}', 1, '2025-01-01', null);
insert into beds.changes values ('beds/{side}', 'housing', 1, 1);

insert into journey.facts (context, position, person, aggregate_type, aggregate, sequence, kind,
        happened_on, occurred_at, recorded_at, confidential, detail)
    values ('intake', {number}, '{person}', 'contact', '{case}', 1, 'contact_recorded', '2025-01-01',
        '2025-01-01', '2025-01-01', false, '{}');
insert into journey.also values ('{person}', 'housing', '{place}', '2025-01-01');
insert into journey.codes values ('{person}', '{side}');
insert into journey.links values ({number}, gen_random_uuid(), '{person}', '{linked}', true, '2025-01-01');
insert into journey.moves values ({number}, 'entry', gen_random_uuid(), '{person}', null, null,
    '{staff}', '{elsewhere}', '2025-01-01');
insert into journey.parked values ('intake', {number}, '{person}', '{}', null, 0, now(), now());
insert into journey.changes values ('journey/{person}', 'intake', 1, 1);

insert into indicators.links values (gen_random_uuid(), '{person}', '{linked}', true);
insert into indicators.people values ('{person}', 1980, 'unknown');
insert into indicators.facts values ('event-{side}', 1, 'contact_recorded', '{case}', '{person}', 1,
    'bari', '2025-01-01');
insert into indicators.situations values ('situation-{side}', 1, 'housing_situation_recorded', 1,
    '{person}', '{person}', '2.1', 'bari', '2025-01-01', '2025-01-01');
insert into indicators.corrections values ('{side}', 'root');
insert into indicators.moved values ('{side}', '{elsewhere}', null, '{person}');
insert into indicators.stays values (gen_random_uuid(), 1, '{person}', '2025-01-01', null);
insert into indicators.sealed values ('{place}');
insert into indicators.counts values ('{side}', '2025-01-01', 'istat', 1, 'bari');
insert into indicators.services values ('{service}', 'info_desk', false, 'bari');
insert into indicators.states values ('{side}', '{service}', 1, 'active', '2025-01-01');
insert into indicators.sites values ('{side}', '{service}', gen_random_uuid(), '2025-01-01', null);
insert into indicators.posts values ('{side}', gen_random_uuid(), 'nurse', 'fixed', 100, 'bari',
    '2025-01-01', null);
insert into indicators.facilities values ('{service}', 'secret_shelter', true, '2025-01-01', null);
insert into indicators.places values ('{place}', 'event', '{service}', '2025-01-01', null);
