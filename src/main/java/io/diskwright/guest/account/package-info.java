/** The accounts of a guest. */
@NullMarked
package io.diskwright.guest.account;

import org.jspecify.annotations.NullMarked;
