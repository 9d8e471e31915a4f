/* Forced into every file: functions that have no safe use here. */
#ifndef PREOP_BASE_BANNED_H
#define PREOP_BASE_BANNED_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#undef sprintf               /* glibc makes it a macro for clang when it fortifies */
#if defined(__GNUC__)
#pragma GCC poison strcpy strcat strncpy strncat stpcpy sprintf vsprintf strtok strtok_r atoi atol atoll atof gets localtime gmtime ctime asctime system popen tmpnam tempnam mktemp
#endif
#endif
