package dev.sallyport.proxy.browser.api;

/// A body that says nothing: `{}`.
public record Nothing() {}
