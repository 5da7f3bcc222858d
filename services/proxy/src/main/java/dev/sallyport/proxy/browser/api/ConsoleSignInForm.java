package dev.sallyport.proxy.browser.api;

/// Proves who sits at the browser, for one request of a command-line tool.
public record ConsoleSignInForm(String id, SignInForm proof) {}
