# unit/checklist
