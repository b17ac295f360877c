using Teal.Host.Commands;

return await CommandLine.RunAsync(args);
