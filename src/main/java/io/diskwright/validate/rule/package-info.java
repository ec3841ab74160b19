/** The rules, grouped as their ids are. */
@NullMarked
package io.diskwright.validate.rule;

import org.jspecify.annotations.NullMarked;
