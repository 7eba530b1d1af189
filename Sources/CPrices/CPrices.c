#include "CPrices.h"

// Swift 6.3 brings clang 21, which knows the directive in every dialect and says so.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char table[] = {
#embed "prices.json"
};

const unsigned char *cprices_table(size_t *count) {
    *count = sizeof table;
    return table;
}
