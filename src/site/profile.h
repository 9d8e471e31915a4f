/* What `profile:` of a site file may say: one list, for the loader and for site_profile, as which checks see it (checklist/lookup.h). Constants only. */
#ifndef PREOP_SITE_PROFILE_H
#define PREOP_SITE_PROFILE_H

/* Words are texts; everything else is a number from 0 to its maximum, or a range of two. */
#define PROFILE_KEYS(WORD, NUMBER)                                                                                                         \
    WORD("currency") WORD("ehr") WORD("ehr_hosting") WORD("specialty")                                                                      \
    NUMBER("providers", 1e6) NUMBER("staff", 1e6) NUMBER("locations", 1e4) NUMBER("exam_rooms", 1e5)                                        \
    NUMBER("visits_per_day", 1e6) NUMBER("clinic_hours_per_day", 24) NUMBER("clinic_days_per_year", 366)                                    \
    NUMBER("revenue_per_visit", 1e6) NUMBER("staff_hour_cost", 1e6) NUMBER("contribution_share", 1) NUMBER("recover_share", 1)              \
    NUMBER("patient_records", 1e9) NUMBER("concurrent_ehr_users", 1e6) NUMBER("pcs", 1e6) NUMBER("printers", 1e6)                           \
    NUMBER("phones", 1e6) NUMBER("video_rooms", 1e5) NUMBER("imaging_studies_per_hour", 1e5) NUMBER("guest_wifi_users", 1e6)                \
    NUMBER("wan_down_mbps", 1e6) NUMBER("wan_up_mbps", 1e6)

#endif
