-- Each payout of one participant that has moved, where it stood at the end of the last day, and since when.
-- Parameter 2: the participant's id.
select payout, kind, rupiah, book as standing, "at" as since, partner, attempt, partnerReferenceNo as reference,
  referenceNo as reference_at_partner
from (
  select *, row_number() over (partition by payout order by cast(split_part(id, '/', 3) as integer) desc) as latest
  from leg
  where participant = ? and payout is not null and kind is not null and sign = 1
) as step
where latest = 1
order by payout
