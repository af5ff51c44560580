#pragma once
#include "common/core/result.hpp"
#include "common/http/gate.hpp"

#include <memory>

// Beast's grammar of HTTP/1.1 without its input and output: bytes in, parts out.
namespace sluice::http {

/// The body of one message. Bytes that were not taken must come again, at the front of what is offered next.
class BodyParser {
public:
    virtual ~BodyParser() = default;
    /// Answers how many bytes of `raw` were taken, and appends what they held to `content`.
    virtual core::Result<std::size_t> body(std::string_view raw, std::string& content) = 0;
    virtual bool done() const = 0;
    /// The connection has ended: is the message whole?
    virtual bool done_at_end() = 0;
};

/// `raw` is a head with its blank line. Chunk extensions over 1 KiB, or quoted ones, fail later in body().
class RequestParser : public BodyParser {
public:
    static std::unique_ptr<RequestParser> make();
    virtual core::Result<Head> head(std::string_view raw) = 0;
};

class ResponseParser : public BodyParser {
public:
    struct Top {
        int status = 0;
        Headers fields;  ///< names in lower case
        bool keep_alive = false;
    };
    /// `bodiless`: the answer to a HEAD request.
    static std::unique_ptr<ResponseParser> make(bool bodiless);
    virtual core::Result<Top> head(std::string_view raw) = 0;
};

}  // namespace sluice::http
