-- What a period came to, by all that tells payouts apart. Parameter 2: the period's first day.
-- accrued, paid, returned and cancelled happened within the period; payable and in_transit stood at its end.
select partner, wave, kind, platform, provider,
  sum(accrued * payouts) as accrued_count, sum(accrued * rupiah) as accrued_rupiah,
  sum(paid * payouts) as paid_count, sum(paid * rupiah) as paid_rupiah,
  sum(returned * payouts) as returned_count, sum(returned * rupiah) as returned_rupiah,
  sum(cancelled * payouts) as cancelled_count, sum(cancelled * rupiah) as cancelled_rupiah,
  sum(payable * payouts) as payable_count, sum(payable * rupiah) as payable_rupiah,
  sum(in_transit * payouts) as in_transit_count, sum(in_transit * rupiah) as in_transit_rupiah
from (
  select leg.*,
    happened * case when book = 'payable' and sign = 1 and counterpart like 'budget/%' then 1 else 0 end as accrued,
    happened * case when book = 'paid' and sign = 1 then 1 else 0 end as paid,
    happened * case when book = 'paid' and sign = -1 then 1 else 0 end as returned,
    -- What is paid out of the budget after all was cancelled before.
    happened * case when book = 'budget' and (sign = 1 or counterpart like 'paid/%') then sign else 0 end as cancelled,
    stood * case when book = 'payable' then sign else 0 end as payable,
    stood * case when book = 'in-transit' then sign else 0 end as in_transit
  from leg
  -- Once for what stands, and once more, if it is of the period, for what has happened.
  cross join (values (1, 0), (0, 1)) as readings (stood, happened)
  where kind is not null and (stood = 1 or day >= ?)
) as figure
group by partner, wave, kind, platform, provider
order by partner, wave, kind, platform, provider
