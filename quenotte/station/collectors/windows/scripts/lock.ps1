# Of each person who is logged on: what her screen saver does, never who she is. Then after how
# long the machine sleeps on mains, and whether it wants a password on waking.
$policy = (Get-ItemProperty 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System' `
    -ErrorAction SilentlyContinue).InactivityTimeoutSecs
$users = @(Get-ChildItem Registry::HKEY_USERS | Where-Object { $_.PSChildName -match '^S-1-5-21-[\d-]+$' } |
    ForEach-Object {
        $own = Get-ItemProperty "$($_.PSPath)\Control Panel\Desktop" -ErrorAction SilentlyContinue
        $by = Get-ItemProperty "$($_.PSPath)\Software\Policies\Microsoft\Windows\Control Panel\Desktop" `
            -ErrorAction SilentlyContinue
        $value = { param($name) if ($null -ne $by.$name) { $by.$name } else { $own.$name } }
        [pscustomobject]@{ active = & $value 'ScreenSaveActive'; secure = & $value 'ScreenSaverIsSecure';
            timeout = & $value 'ScreenSaveTimeOut'; program = [bool](& $value 'SCRNSAVE.EXE') }
    })
$hex = { param($words) @(powercfg.exe /qh SCHEME_CURRENT @words |
    Select-String -Pattern '0x[0-9a-f]{8}\s*$' | ForEach-Object { $_.Matches[0].Value.Trim() }) }
[pscustomobject]@{ policy = $policy; users = $users;
    sleep = & $hex @('SUB_SLEEP', 'STANDBYIDLE'); password = & $hex @('SUB_NONE', 'CONSOLELOCK') } |
    ConvertTo-Json -Compress -Depth 4
