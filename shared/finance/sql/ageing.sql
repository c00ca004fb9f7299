-- What is in transit at the end of the last day, by partner and by whole days since it was claimed.
-- Parameter 2: the instant from which days are counted back, in UTC, as '2020-12-31T16:59:59.999Z'.
select partner,
  case when days < 2 then '0-1' when days < 8 then '2-7' when days < 31 then '8-30' else 'over-30' end as band,
  count(*) as payouts, sum(rupiah) as rupiah
from (
  select partner, rupiah,
    floor(date_diff('millisecond', cast(replace(substr(since, 1, 23), 'T', ' ') as timestamp),
      cast(replace(substr(?, 1, 23), 'T', ' ') as timestamp)) / 86400000.0) as days
  from (
    select partner, participant, payout, max(case when sign = 1 then "at" end) as since, sum(sign * rupiah) as rupiah
    from leg
    where book = 'in-transit'
    group by partner, participant, payout
    having sum(sign) > 0
  ) as claimed
) as aged
group by 1, 2
order by 1, 2
