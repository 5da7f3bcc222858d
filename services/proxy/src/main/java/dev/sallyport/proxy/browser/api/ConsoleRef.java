package dev.sallyport.proxy.browser.api;

/// A request of a command-line tool for this browser.
public record ConsoleRef(String id) {}
