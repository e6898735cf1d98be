# What is installed for everybody; of what people installed for themselves only messengers are
# looked for, by their own names: browsers put titles of pages there.
$keys = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\*',
    'HKLM:\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall\*'
$all = @(Get-ItemProperty $keys -ErrorAction SilentlyContinue |
    Where-Object { $_.DisplayName -and $_.SystemComponent -ne 1 -and -not $_.ParentKeyName } |
    Select-Object DisplayName, DisplayVersion, Publisher)
$own = @(Get-ItemProperty `
    'Registry::HKEY_USERS\*\Software\Microsoft\Windows\CurrentVersion\Uninstall\*' `
    -ErrorAction SilentlyContinue | Where-Object { $_.DisplayName -match '^WhatsApp' } |
    ForEach-Object { [pscustomobject]@{ DisplayName = 'WhatsApp'; DisplayVersion = $null; Publisher = $null } })
$store = @()
try { $store = @(Get-AppxPackage -AllUsers -Name '*WhatsApp*' | ForEach-Object {
    [pscustomobject]@{ DisplayName = 'WhatsApp Desktop'; DisplayVersion = "$($_.Version)";
        Publisher = $null } }) } catch { }
ConvertTo-Json -Compress @($all + $own + $store)
