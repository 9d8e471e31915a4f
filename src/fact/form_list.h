/* Every form and sheet, in the order in which `attest` asks: that of the first 90 days. Constants only. */
#ifndef PREOP_FACT_FORM_LIST_H
#define PREOP_FACT_FORM_LIST_H

#include "fact/form.h"

#define FORM_LIST_ALL(X) \
    X(cmp_auth_01) X(sup_exp_01) X(sup_gov_01) X(cln_ehr_01) X(systems) X(contracts) X(vnd_inv_01) X(business_associates) X(circuits) \
    X(phone_lines) X(domain_names) X(admin_custody) X(cmp_brh_01) X(cmp_ins_01) X(cmp_ins_02) X(sup_bud_01) X(sup_pm_01) \
    X(interviews) X(vnd_sat_01) X(sup_rsp_02) X(sup_wrk_01) X(sup_stk_01) X(cln_reg_01) X(cln_int_02) X(downtime) X(rooms) X(closets) \
    X(cmp_phy_01) X(medical_devices) X(data_feeds) X(tickets) X(sup_rsp_01) X(sup_bck_01) X(sup_doc_01) X(cmp_clm_01) X(idn_mfa_01) \
    X(bkp_job_01) X(bkp_rst_01) X(bkp_off_01) X(bkp_map_01) X(hst_def_01) X(pwr_e911_01) X(pwr_gen_01) X(cmp_ra_01) X(cmp_rmp_01) X(cmp_off_01) \
    X(cmp_trn_01) X(cmp_irp_01) X(cmp_con_01) X(cmp_log_01) X(air_shd_01) X(licences) X(vnd_scp_01) X(vnd_sla_01) X(vnd_gap_01) \
    X(vnd_rmt_01) X(vnd_sec_01) X(sup_own_01) X(sup_ext_01) X(sup_onb_01) X(sup_chg_01) X(sup_fnd_01) X(cmp_pol_01) X(cmp_acc_01) X(cmp_san_01) \
    X(cmp_evl_01) X(cmp_vul_01) X(cmp_law_01) X(bkp_rpo_01) X(bkp_enc_01) X(bkp_acc_01) X(bkp_saas_01) X(bkp_dis_01) X(bkp_ret_01) X(idn_acc_02) \
    X(lif_db_01) X(hst_mdm_01) X(net_fw_02) X(net_dns_01) X(int_aaa_01) X(int_vlan_03) X(int_rte_02) X(int_ca_01) X(hst_ext_01) \
    X(eml_tls_01) X(eml_relay_01) X(eml_flt_01) X(eml_web_01) X(cln_ehr_03) X(cln_img_01) X(cln_pci_01) X(cln_pid_01) X(cln_saf_01) \
    X(vnd_dec_01) X(sup_src_01) X(sup_sus_01) X(sup_cap_01) X(transition_services) X(vnd_hnd_01) X(int_mon_01) X(sup_hrs_01) X(cln_prn_02) \
    X(cln_epcs_01) X(idn_acc_05) X(cln_por_01) X(sup_day1_01) X(sup_pir_01) X(air_dat_01) X(air_rpt_01) X(air_api_01) X(air_gov_01) X(air_baa_01) \
    X(air_plt_01)

#define FORM_EXTERN(ident) extern const struct fact_table form_table_##ident; extern const struct form form_##ident;
FORM_LIST_ALL(FORM_EXTERN)
#undef FORM_EXTERN

#endif
