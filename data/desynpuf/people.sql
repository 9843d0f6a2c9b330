-- Writes people.csv, one row a person: the cost of 2009, and what was known before.
-- Run in a folder with the Beneficiary Summary Files of 2008 and 2009.

CREATE OR REPLACE TEMP TABLE years AS
SELECT
  regexp_extract(filename, 'DE1_0_(\d{4})_', 1)::INT AS year,
  DESYNPUF_ID AS person,
  year(strptime(BENE_BIRTH_DT, '%Y%m%d')) AS born,
  if(BENE_SEX_IDENT_CD = '1', 'male', 'female') AS sex,

  -- Months alive. Who died in 2009 is kept, with what was paid until then.
  coalesce(month(strptime(BENE_DEATH_DT, '%Y%m%d')), 12) AS months,
  -- Both parts of Medicare, and no private plan: its payments are not in the file.
  least(BENE_HI_CVRAGE_TOT_MONS::INT, BENE_SMI_CVRAGE_TOT_MONS::INT) >= months
    AND BENE_HMO_CVRAGE_TOT_MONS::INT = 0 AS covered,

  -- Conditions that the year's claims show: 1 is yes, 2 is no.
  len(list_filter(
    [SP_ALZHDMTA, SP_CHF, SP_CHRNKIDN, SP_CNCR, SP_COPD, SP_DEPRESSN,
     SP_DIABETES, SP_ISCHMCHT, SP_OSTEOPRS, SP_RA_OA, SP_STRKETIA],
    lambda flag: flag = '1'
  )) AS conditions,

  -- Paid for hospital stays, outpatients, doctors. Corrections are negative.
  greatest(
    MEDREIMB_IP::DOUBLE + MEDREIMB_OP::DOUBLE + MEDREIMB_CAR::DOUBLE, 0
  ) AS cost
FROM read_csv(
  'DE1_0_20*_Beneficiary_Summary_File_Sample_*.csv*',
  filename = true, all_varchar = true
);

COPY (
  SELECT
    person,
    2008 - before.born AS age,
    before.sex,
    before.conditions,
    before.cost AS prior_cost,
    later.cost
  FROM years AS before JOIN years AS later USING (person)
  WHERE before.year = 2008 AND later.year = 2009
    AND before.covered AND later.covered
  ORDER BY person
) TO 'people.csv' (HEADER);
