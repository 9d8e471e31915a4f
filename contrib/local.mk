# Contributed files that are distributed.
