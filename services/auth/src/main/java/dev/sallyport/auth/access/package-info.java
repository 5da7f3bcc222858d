/// Who is calling, and what they may: the one table of routes, and the rules of users' roles.
@NullMarked
package dev.sallyport.auth.access;

import org.jspecify.annotations.NullMarked;
