/* cmocka wants these before itself. */
#ifndef PREOP_TESTS_CMOCKA_ALL_H
#define PREOP_TESTS_CMOCKA_ALL_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#if !__has_include(<cmocka.h>)
#error "cmocka is missing: tests need it (Debian, Ubuntu: libcmocka-dev; Fedora: libcmocka-devel)"
#endif
#include <cmocka.h>
#endif
