-- The money at every partner at the end of the last day. overpaid has what was written off of it.
-- available is what the books say: the lane itself reckons with what it has promised since.
select partner,
  sum(case when book = 'float' and sign = 1 and counterpart = 'treasury' then rupiah else 0 end) as funded,
  sum(case when book = 'float' and sign = -1 and counterpart = 'treasury' then rupiah else 0 end) as swept,
  sum(case when book = 'fees' then sign * rupiah else 0 end) as fees,
  sum(case when book = 'spent' then sign * rupiah else 0 end) as spent,
  sum(case when book in ('overpaid', 'written-off') then sign * rupiah else 0 end) as overpaid,
  sum(case when book = 'in-transit' then sign * rupiah else 0 end) as in_transit,
  sum(case when book = 'float' then sign * rupiah when book = 'in-transit' then -sign * rupiah else 0 end) as available
from leg
where partner is not null
group by partner
order by partner
