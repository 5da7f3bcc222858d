package dev.sallyport.proxy.browser.api;

import dev.sallyport.control.EnrollmentAnswer;
import dev.sallyport.model.Secret;
import java.util.Optional;

/// Uses a link up.
///
/// @param device the answer of a device that was begun behind this link
public record LinkForm(LinkRef link, Secret password, Optional<EnrollmentAnswer> device) {}
