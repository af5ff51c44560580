#include "common/http/auth.hpp"

#include "common/core/sha256.hpp"
#include "common/http/problem.hpp"
#include "common/http/text.hpp"

#include <algorithm>

namespace sluice::http {
namespace {

constexpr std::size_t entries_max = 10'000;
constexpr std::size_t token_size_max = 512;

bool is_sha256(std::string_view text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// Touches every byte whatever it finds.
bool equal_in_constant_time(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    unsigned char difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i] ^ b[i]);
    return difference == 0;
}

std::optional<std::string_view> bearer(const Request& request) {
    constexpr std::string_view scheme = "bearer ";
    std::optional<std::string_view> found;
    for (const auto& [name, value] : request.headers) {
        if (name != "authorization") continue;
        if (found) return {};
        found = value;
    }
    if (!found || found->size() <= scheme.size() || found->size() > scheme.size() + token_size_max) return {};
    if (lower(found->substr(0, scheme.size())) != scheme) return {};
    return found->substr(scheme.size());
}

std::string listed(const std::set<std::string>& roles) {
    std::string text;
    for (const auto& role : roles) text += (text.empty() ? "" : " or ") + role;
    return text;
}

}  // namespace

core::Result<Tokens> Tokens::from(std::vector<Entry> entries) {
    if (entries.size() > entries_max)
        return core::Failure::fatal("there are more than 10000 tokens", "remove those that nobody uses");
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const auto& entry = entries[i];
        const std::string which = "token entry " + std::to_string(i);
        if (entry.subject.empty())
            return core::Failure::fatal(which + " has no subject", "say who holds it, as in trainer-1");
        if (entry.roles.empty())
            return core::Failure::fatal(which + " has no roles", "give it at least one, as in [\"trainer\"]");
        if (!is_sha256(entry.sha256))
            return core::Failure::fatal(which + " has no SHA-256 in 64 lower-case hex digits",
                                        "make one with: printf %s TOKEN | sha256sum");
        if (!seen.insert(entry.sha256).second)
            return core::Failure::fatal(which + " repeats the hash of an earlier entry",
                                        "give every subject a token of its own");
    }
    Tokens tokens;
    tokens.entries_ = std::move(entries);
    return tokens;
}

std::optional<Actor> Tokens::who(const Request& request) const {
    const auto token = bearer(request);
    if (!token) return {};
    const std::string hash = core::sha256_hex(*token);
    const Entry* found = nullptr;
    for (const auto& entry : entries_)
        if (equal_in_constant_time(entry.sha256, hash)) found = &entry;
    if (!found) return {};
    return Actor{found->subject, found->roles};
}

namespace {

Response unauthenticated() {
    Response response = problem(401, "unauthenticated", "No valid token",
                                "This needs a bearer token that this service knows; send the header "
                                "'Authorization: Bearer <token>', or ask an operator for a token.");
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
}

std::optional<Response> forbid(const Actor& actor, const std::set<std::string>& any_of_roles) {
    const auto held = [&](const std::string& role) { return actor.has(role); };
    if (any_of_roles.empty() || std::any_of(any_of_roles.begin(), any_of_roles.end(), held)) return {};
    return problem(403, "role_missing", "Not allowed",
                   "This needs the role " + listed(any_of_roles) + ", which " + actor.subject +
                       " does not have; ask somebody who has it, or ask an operator to add it to your token.");
}

}  // namespace

std::optional<Response> refuse(const Tokens& tokens, const std::set<std::string>& any_of_roles, const Request& head) {
    const auto actor = tokens.who(head);
    if (!actor) return unauthenticated();
    return forbid(*actor, any_of_roles);
}

Guard require(const Tokens& tokens, std::set<std::string> any_of_roles) {
    return [&tokens, roles = std::move(any_of_roles)](const Request& head) { return refuse(tokens, roles, head); };
}

Handler guarded(const Tokens& tokens, std::set<std::string> any_of_roles,
                std::function<void(Actor, Request, Respond)> handler) {
    return [&tokens, roles = std::move(any_of_roles), handler = std::move(handler)](Request request, Respond respond) {
        auto actor = tokens.who(request);
        if (!actor) return respond(unauthenticated());
        if (auto refusal = forbid(*actor, roles)) return respond(std::move(*refusal));
        handler(std::move(*actor), std::move(request), std::move(respond));
    };
}

}  // namespace sluice::http
