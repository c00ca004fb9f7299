-- Every question begins with this. Parameter 1: the last day that counts, in Jakarta, as 'YYYY-MM-DD'.
-- How many payouts an accrual makes of each component.
with instalment (scheme, kind, payouts) as (
  values ('prakerja-2020', 'incentive', 4), ('prakerja-2020', 'survey', 3)
),
-- Each movement once: a batch that was handed over again may have left it in two files.
movement as (
  select *
  from (
    select *, row_number() over (partition by id order by "at") as copy
    from movements
    where day <= ?
  ) as copies
  where copy = 1
),
-- No entry has more than two postings.
posting as (
  select movement.*, try(postings[nth])."from" as source, try(postings[nth])."to" as target,
    try(postings[nth]).amount as moved
  from movement
  cross join (values (1), (2)) as places (nth)
  where try(postings[nth]) is not null
),
-- Each posting twice, as either of its accounts sees it: sign 1 where the money arrives, -1 where it leaves.
side as (
  select *, target as account, source as counterpart, 1 as sign from posting
  union all
  select *, source as account, target as counterpart, -1 as sign from posting
),
part as (
  select *, split_part(account, '/', 1) as book,
    case
      when split_part(account, '/', 1) in ('budget', 'payable') then split_part(account, '/', 2)
      when split_part(account, '/', 1) in ('in-transit', 'paid') then split_part(account, '/', 3)
    end as component,
    case
      when split_part(account, '/', 1) not in ('treasury', 'budget', 'payable') then split_part(account, '/', 2)
    end as place
  from side
),
-- What was moved at one account: rupiah, and payouts (one, but for an accrual; of cash, one entry).
leg as (
  select id, "at", day, type, participantId as participant, payout, attempt, partnerReferenceNo, referenceNo,
    wave, platform, trainingProvider as provider, account, counterpart, book, place as partner, component as kind,
    sign, moved as rupiah,
    case when type = 'accrued' then instalment.payouts else 1 end as payouts
  from part
  left join instalment on instalment.scheme = part.scheme and instalment.kind = part.component
)
