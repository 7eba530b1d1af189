#include "CPrices.h"

// Swift 6.3 brings clang 21, which knows the directive in every dialect and says so.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char table[] = {
#embed "prices.json"
};

static const unsigned char licences[] = {
#embed "../../LICENSES/genai-prices.txt"
    , '\n', '\n',
#embed "../../LICENSES/litellm.txt"
};

const unsigned char *cprices_licences(size_t *count) {
    *count = sizeof licences;
    return licences;
}

const unsigned char *cprices_table(size_t *count) {
    *count = sizeof table;
    return table;
}
