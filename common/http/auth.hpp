#pragma once
#include "common/http/message.hpp"
#include "common/http/server.hpp"

#include <set>

namespace sluice::http {

struct Actor {
    std::string subject;  ///< an opaque id, fit for the ledger
    std::set<std::string> roles;

    bool has(std::string_view role) const { return roles.contains(std::string{role}); }
};

/// Who holds which bearer token. Only hashes are kept; no token is ever written anywhere.
class Tokens {
public:
    struct Entry {
        std::string subject;
        std::set<std::string> roles;
        std::string sha256;  ///< 64 lower hex digits: of the token's bytes
    };

    /// Refuses an empty subject, an entry without roles, what is no SHA-256, a hash that two entries share, and more
    /// than 10,000 entries.
    static core::Result<Tokens> from(std::vector<Entry> entries);

    /// Nothing where the Authorization header is absent, repeated, not Bearer, over 512 characters, or of nobody. How
    /// long it takes does not tell how much of a token was right.
    std::optional<Actor> who(const Request& request) const;

private:
    std::vector<Entry> entries_;
};

/// 401 where nobody is recognised, 403 where the actor has none of the roles, else nothing. An empty set asks only for
/// a known actor.
std::optional<Response> refuse(const Tokens& tokens, const std::set<std::string>& any_of_roles, const Request& head);

/// refuse() as a Route's guard: the body of a stranger is not even read. `tokens` must outlive the server.
Guard require(const Tokens& tokens, std::set<std::string> any_of_roles);

/// Calls `handler` with the actor, or answers as refuse() says. `tokens` must outlive the server.
Handler guarded(const Tokens& tokens, std::set<std::string> any_of_roles,
                std::function<void(Actor, Request, Respond)> handler);

}  // namespace sluice::http
