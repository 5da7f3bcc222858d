/**
 * A whole site on this machine, made of the installed commands: a cluster, agents, users at their
 * own laptops, and a stand-in for AWS. For the end-to-end tests and the demo, which therefore do
 * what an operator does and nothing else.
 */
@NullMarked
package dev.sallyport.testkit.site;

import org.jspecify.annotations.NullMarked;
