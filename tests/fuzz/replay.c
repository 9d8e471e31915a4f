/* Feeds a fuzz target its corpus, and cut and damaged copies of it, in every `make check`: a plain main for compilers
 * without libFuzzer. The corpus is that of the program's own name: fuzz_NAME reads tests/fuzz/corpus/NAME. */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"

#define INPUT_MAX (1u << 20)
#define CUTS 64
#define DAMAGED 256
#define SECONDS 10

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A copy of exact size on the heap, so that AddressSanitizer sees a read behind the end. */
static void feed(const char *data, size_t len)
{
    uint8_t *copy = malloc(len ? len : 1);

    if (!copy)
        abort();
    if (len)
        memcpy(copy, data, len);
    alarm(SECONDS);
    LLVMFuzzerTestOneInput(copy, len);
    alarm(0);
    free(copy);
}

static uint64_t random_next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

/* Changes one to four bytes, or a length-like four bytes to an extreme. */
static void damage(char *data, size_t len, uint64_t *state)
{
    static const char extremes[][4] = { { 0, 0, 0, 0 }, { '\xff', '\xff', '\xff', '\xff' }, { 0x7f, '\xff', '\xff', '\xff' }, { 0, 0, 0, 1 } };

    if (len >= 4 && random_next(state) % 4 == 0) {
        memcpy(data + random_next(state) % (len - 3), extremes[random_next(state) % N_ELEMENTS(extremes)], 4);
        return;
    }
    for (uint64_t n = 1 + random_next(state) % 4; n > 0; n--)
        data[random_next(state) % len] = (char)(random_next(state) & 0xff);
}

static void feed_variants(const struct buf *input)
{
    const size_t step = input->len / CUTS + 1;
    uint64_t state = input->len;
    char *copy;

    feed(input->data, input->len);
    for (size_t cut = 0; cut < input->len; cut += step)
        feed(input->data, cut);
    if (!input->len)
        return;
    copy = xmalloc(input->len);
    for (int i = 0; i < DAMAGED; i++) {
        memcpy(copy, input->data, input->len);
        damage(copy, input->len, &state);
        feed(copy, input->len);
    }
    free(copy);
}

static int only_files(const struct dirent *e)
{
    return e->d_name[0] != '.';
}

int main(int argc, char **argv)
{
    const char *srcdir = getenv("srcdir"), *name = strrchr(argv[0], '/');
    struct dirent **files = NULL;
    char *folder;
    int n, failed = 0;

    name = name ? name + 1 : argv[0];
    name = strncmp(name, "fuzz_", 5) == 0 ? name + 5 : name;
    folder = argc > 1 ? xstrdup(argv[1]) : xasprintf("%s/tests/fuzz/corpus/%s", srcdir ? srcdir : ".", name);
    n = scandir(folder, &files, only_files, alphasort);
    if (n <= 0) {
        printf("1..1\nnot ok 1 - no corpus in %s\n", folder);
        return 1;
    }
    printf("1..%d\n", n);
    for (int i = 0; i < n; i++) {
        struct buf input = BUF_INIT(INPUT_MAX);
        char *path = path_join(folder, files[i]->d_name);
        int rc;

        printf("# %s\n", files[i]->d_name);      /* so that a crash shows which it was */
        fflush(stdout);
        rc = file_read(path, INPUT_MAX, &input);
        if (!rc)
            feed_variants(&input);
        printf("%sok %d - %s%s\n", rc ? "not " : "", i + 1, files[i]->d_name, rc ? ": cannot be read" : "");
        failed += rc != 0;
        buf_clear(&input);
        free(path);
        free(files[i]);
    }
    free(files);
    free(folder);
    return failed != 0;
}
