// The price table that is built in. It is embedded by the C compiler, since a Swift array of so many literals takes minutes
// to compile (docs/decisions/0037-the-price-table-is-embedded-by-c.md).
#include <stddef.h>

// The bytes of prices.json, which live as long as the process; their number goes to `count`.
const unsigned char *cprices_table(size_t *count);

// The licences of those from whose work the table was made, in the same way.
const unsigned char *cprices_licences(size_t *count);
