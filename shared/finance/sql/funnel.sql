-- How many participants of each wave have come how far by the end of the last day, net of what was returned.
select wave,
  count(*) as entitled,
  count_if(incentives_paid > 0) as first_incentive,
  count_if(incentives_paid = incentives) as all_incentives,
  count_if(incentives_paid = incentives and surveys_paid = surveys) as paid_in_full
from (
  select participant, wave,
    sum(case when book = 'payable' and type = 'accrued' and kind = 'incentive' then payouts else 0 end) as incentives,
    sum(case when book = 'payable' and type = 'accrued' and kind = 'survey' then payouts else 0 end) as surveys,
    sum(case when book = 'paid' and kind = 'incentive' then sign else 0 end) as incentives_paid,
    sum(case when book = 'paid' and kind = 'survey' then sign else 0 end) as surveys_paid
  from leg
  where participant is not null
  group by participant, wave
) as standing
group by wave
order by wave
