-- What is in transit at the end of the last day, by partner and by whole days since it was claimed.
-- Parameter 2: the instant from which days are counted back, in UTC, as '2020-12-31T16:59:59.999Z'.
select partner, band, count(*) as payouts, sum(rupiah) as rupiah
from (
  select partner, participant, payout, sum(sign * rupiah) as rupiah,
    cast(replace(substr(max(case when sign = 1 then "at" end), 1, 23), 'T', ' ') as timestamp) as since
  from leg
  where book = 'in-transit'
  group by partner, participant, payout
  having sum(sign) > 0
) as claimed
-- What was claimed after that instant is in the first band.
cross join (
  values ('0-1', -36500, 1), ('2-7', 2, 7), ('8-30', 8, 30), ('over-30', 31, 36500)
) as bands (band, youngest, oldest)
where floor(date_diff('millisecond', since, cast(replace(substr(?, 1, 23), 'T', ' ') as timestamp)) / 86400000.0)
  between youngest and oldest
group by partner, band
order by partner, band
