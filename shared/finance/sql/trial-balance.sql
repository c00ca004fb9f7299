-- Every account at the end of the last day, credits less debits. All together are 0.
select account, sum(sign * rupiah) as rupiah
from leg
group by account
having sum(sign * rupiah) <> 0
order by account
