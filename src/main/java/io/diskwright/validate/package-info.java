/** The shared validator: rules, profiles, findings. */
@NullMarked
package io.diskwright.validate;

import org.jspecify.annotations.NullMarked;
