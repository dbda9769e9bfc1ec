using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CustomExecutor.Testing.Faults;

/// <summary>One request on its way to the server and back.</summary>
internal sealed class ProxiedCall(HttpContext context, ApiCall call, HttpClient server, Action<int> resetConnection)
{
    private CancellationToken Gone => context.RequestAborted;

    public async Task Run()
    {
        switch (call.Fault)
        {
            case Fault.Answer answer:
                await Answer(answer);
                return;
            case Fault.Garbled { Done: false } garbled:
                await Garble(garbled);
                return;
            case Fault.ResetBefore:
                await Reset();
                return;
            case Fault.StreamReset:
                context.Features.Get<IHttpResetFeature>()!.Reset(7); // REFUSED_STREAM
                return;
            case Fault.Silent:
                await Task.Delay(Timeout.Infinite, Gone);
                return;
            case Fault.Late late:
                await Task.Delay(late.Milliseconds, Gone);
                break;
        }

        using var response = await Forward();
        call.Answer = (int)response.StatusCode;
        switch (call.Fault)
        {
            case Fault.ResetAfter:
                await Reset();
                return;
            case Fault.Garbled garbled:
                await Garble(garbled);
                return;
            case Fault.SilentAfter:
                await Task.Delay(Timeout.Infinite, Gone);
                return;
            case Fault.GatewayAfter gateway:
                await Answer(
                    new Fault.Answer(gateway.Status, "", Text: "<html>the gateway has lost its patience</html>")
                );
                return;
        }

        context.Response.StatusCode = (int)response.StatusCode;
        if (response.Content.Headers.ContentType is { } type)
            context.Response.ContentType = type.ToString();
        if (call.IsWatch && response.IsSuccessStatusCode)
            await RelayWatch(response);
        else
            await RelayBody(response);
    }

    private async Task<HttpResponseMessage> Forward()
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method),
            context.Request.Path + context.Request.QueryString
        );
        if (context.Request.Headers.Authorization.ToString() is { Length: > 0 } token)
            request.Headers.TryAddWithoutValidation("Authorization", token);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, Gone);
        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(body.ToArray());
            request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        }

        // What has been sent is carried out, whether or not the driver still waits for it.
        return await server.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            call.IsWatch ? Gone : CancellationToken.None
        );
    }

    private async Task RelayBody(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsByteArrayAsync(Gone);
        if (call.Fault is Fault.Edited edited && response.IsSuccessStatusCode)
            body = Encoding.UTF8.GetBytes(EditedAnswer.Of(Encoding.UTF8.GetString(body), edited));
        if (call.Fault is not (Fault.ResetMidBody or Fault.Truncated or Fault.SilentMidBody))
        {
            await Write(body);
            return;
        }

        await Write(body[..(body.Length / 2)]);
        if (call.Fault is Fault.ResetMidBody)
            await Reset();
        if (call.Fault is Fault.SilentMidBody)
            await Task.Delay(Timeout.Infinite, Gone);
    }

    private async Task RelayWatch(HttpResponseMessage response)
    {
        await context.Response.Body.FlushAsync(Gone);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Gone));
        for (var events = 0; await lines.ReadLineAsync(Gone) is { } line; events++)
        {
            if (await Meets(events, line))
                return;
            await Write(Encoding.UTF8.GetBytes(line + "\n"));
        }
    }

    /// <summary>Whether the watch's fault comes in the place of this event.</summary>
    private async Task<bool> Meets(int events, string line)
    {
        switch (call.Fault)
        {
            case Fault.WatchEnds ends when events == ends.Events:
                return true;
            case Fault.WatchResets resets when events == resets.Events:
                await Reset();
                return true;
            case Fault.WatchTorn torn when events == torn.Events:
                await Write(Encoding.UTF8.GetBytes(line[..(line.Length / 2)]));
                if (torn.Reset)
                    await Reset();
                return true;
            case Fault.WatchGone gone when events == gone.Events:
                await Write(
                    """{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"too old resource version: 1 (2)","reason":"Expired","code":410}}"""u8.ToArray()
                );
                await Write("\n"u8.ToArray());
                return true;
            case Fault.Edited edited:
                await Write(Encoding.UTF8.GetBytes(EditedAnswer.Of(line, edited) + "\n"));
                return true;
            case Fault.WatchSilent silent when events >= silent.Events:
                await Task.Delay(Timeout.Infinite, Gone);
                return true;
            default:
                return false;
        }
    }

    private async Task Answer(Fault.Answer answer)
    {
        context.Response.StatusCode = answer.Status;
        if (answer.RetryAfter is { } seconds)
            context.Response.Headers.RetryAfter = $"{seconds}";
        context.Response.ContentType = answer.Text is null ? "application/json" : "text/html";
        await Write(
            Encoding.UTF8.GetBytes(
                answer.Text
                    ?? JsonSerializer.Serialize(
                        new
                        {
                            kind = "Status",
                            apiVersion = "v1",
                            metadata = new { },
                            status = "Failure",
                            message = $"the proxy's {answer.Status}",
                            reason = answer.Reason,
                            code = answer.Status,
                        }
                    )
            )
        );
    }

    private async Task Garble(Fault.Garbled garbled)
    {
        context.Response.ContentType = "application/json";
        await Write(Encoding.UTF8.GetBytes(garbled.Text));
    }

    private async Task Write(byte[] bytes)
    {
        await context.Response.Body.WriteAsync(bytes, Gone);
        await context.Response.Body.FlushAsync(Gone);
    }

    /// <summary>Takes the whole connection away, and with it whatever else is on it.</summary>
    private async Task Reset()
    {
        await Task.Delay(20, Gone); // What has been written before goes out.
        resetConnection(context.Connection.RemotePort);
        context.Abort();
    }
}
