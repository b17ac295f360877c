using System.Text;

namespace Teal.Host.Commands;

/// <summary>The same output for who wants a writer, such as help. Each text is written at once.</summary>
internal sealed class StandardOutputWriter : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => Encoding.UTF8;

    /// <inheritdoc/>
    public override void Write(char value) => StandardOutput.Write(value.ToString());

    /// <inheritdoc/>
    public override void Write(string? value) => StandardOutput.Write(value ?? "");

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => StandardOutput.Write(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => StandardOutput.WriteLine(value ?? "");
}
